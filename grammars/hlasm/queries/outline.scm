; A section node reaches to the next section. What stands between two labels belongs to the first: the syntax layer extends it.
(section (section_statement name: (name) @name)) @definition.section
(dummy_section (dsect_statement name: (name) @name)) @definition.struct
(macro_definition (prototype operation: (operation) @name)) @definition.macro
; PC/370: NAME MACRO operands
(macro_definition (macro_statement name: (name) @name)) @definition.macro

; Labels of code. In macro definitions names such as &L are no labels yet.
((instruction name: (name) @name) @definition.function (#not-match? @name "&"))
((branch_statement name: (name) @name) @definition.function (#not-match? @name "&"))
((subroutine_call name: (name) @name) @definition.function (#not-match? @name "&"))
((call_statement name: (name) @name) @definition.function (#not-match? @name "&"))
((exec_statement name: (name) @name) @definition.function (#not-match? @name "&"))
((return_statement name: (name) @name) @definition.function (#not-match? @name "&"))
((data_definition name: (name) @name operation: (operation) @_operation operands: (operands . (operand) @_space .)) @definition.function
  (#not-match? @name "&")
  (#match? @_operation "^[Dd][Ss]$")
  (#match? @_space "^0[Hh]$"))
((equ_statement name: (name) @name operands: (operands . (operand) @_here .)) @definition.function
  (#not-match? @name "&")
  (#eq? @_here "*"))
