; Blocks with a written end: the whole block.
(macro_definition (macro_header name: (identifier) @name)) @definition.macro
(procedure (procedure_header name: (identifier) @name)) @definition.proc
(structure (structure_header name: (identifier) @name)) @definition.struct
(segment (segment_header name: (identifier) @name)) @definition.section
(function_definition (function_header name: (identifier) @name)) @definition.function

; What ends where the next of its kind begins: only the opening statement.
((function_label name: (identifier) @name) @definition.function (#set! level 2))
((section name: (identifier) @name) @definition.section (#set! level 1))
((section keyword: (keyword) @name !name) @definition.section (#set! level 1))
((label name: (identifier) @name) @definition.label (#set! level 3))
((data_label name: (identifier) @name) @definition.label (#set! level 3))
((data_definition name: (identifier) @name keyword: (keyword) @keyword) @definition.label
  (#match? @keyword "^[lL][aA][bB][eE][lL]$")
  (#set! level 3))
