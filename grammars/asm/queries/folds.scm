[
  (macro_definition)
  (repeat_block)
  (procedure)
  (structure)
  (segment)
  (function_definition)
] @fold

((comment) @fold (#match? @fold "\n"))
