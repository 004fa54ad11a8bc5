(comment_line) @comment
(macro_comment) @comment
(remark) @comment
(sequence) @comment
(process_statement) @keyword.directive
(control_line) @keyword.directive
(continuation_mark) @punctuation.special

(operation) @function.builtin
(macro_call operation: (operation) @function.macro)
(prototype operation: (operation) @function.macro)
(section_statement operation: (operation) @keyword)
(dsect_statement operation: (operation) @keyword)
(macro_statement operation: (operation) @keyword)
(mend_statement operation: (operation) @keyword)
(end_statement operation: (operation) @keyword)
(conditional_statement operation: (operation) @keyword.conditional)
(structured_statement operation: (operation) @keyword.conditional)
(set_statement operation: (operation) @keyword)
(declaration_statement operation: (operation) @keyword)
(exec_statement operation: (operation) @keyword)
(exec_statement (word) @keyword)
(exec_option name: (word) @property)
(copy_statement operation: (operation) @keyword.import)
(using_statement operation: (operation) @keyword.directive)
(data_definition operation: (operation) @type.builtin)
(equ_statement operation: (operation) @keyword.directive)
(directive operation: (operation) @keyword.directive)

(name) @label
(sequence_symbol) @label
(keyword) @property
(variable) @variable.parameter
(symbol) @variable
(number) @number
(string) @string
(constant_type) @type
(literal) @constant
(attribute) @attribute
(operator) @operator
["," "(" ")"] @punctuation.delimiter
