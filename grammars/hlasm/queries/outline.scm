; A section node reaches to the next section. What stands between two labels belongs to the first: the syntax layer extends it.
(section (section_statement name: (name) @name)) @definition.section
(dummy_section (dsect_statement name: (name) @name)) @definition.struct
(macro_definition (prototype operation: (operation) @name)) @definition.macro

; Labels of code.
(instruction name: (name) @name) @definition.function
(branch_statement name: (name) @name) @definition.function
(subroutine_call name: (name) @name) @definition.function
(call_statement name: (name) @name) @definition.function
(exec_statement name: (name) @name) @definition.function
(return_statement name: (name) @name) @definition.function
((data_definition name: (name) @name operation: (operation) @_operation operands: (operands . (operand) @_space .)) @definition.function
  (#match? @_operation "^[Dd][Ss]$")
  (#match? @_space "^0[Hh]$"))
((equ_statement name: (name) @name operands: (operands . (operand) @_here .)) @definition.function
  (#eq? @_here "*"))
