; A file holds one routine, named by its first label, and the routine holds its other labels.
; What the author says: the comment on the label's line and the block right under it. A block above a label is a sibling
; right before its label_block (the grammar gives it to the label that follows).

(routine
  .
  (label_line
    name: (label) @name
    parameters: (formal_list)? @parameters
    (comment)? @doc)
  .
  (comment_block)? @doc) @definition.routine

(label_block
  .
  (label_line
    name: (label) @name
    parameters: (formal_list)? @parameters
    (comment)? @doc)
  .
  (comment_block)? @doc) @definition.function
