(comment) @comment
(data_comment) @string.special
(directive) @keyword.directive
(keyword) @keyword

(label) @function
(label_name) @function.call
(routine_name) @module

(function_name) @function.builtin
(special_variable) @variable.builtin
(macro) @function.macro
(member) @function.method
(class_reference) @type

(identifier) @variable
(formal name: (identifier) @variable.parameter)
(global_name) @variable.global
(number) @number
(string) @string
(pattern) @string.regexp
(operator) @operator
(pattern_operator) @operator
(unary_operator) @operator
(format) @string.escape
(dots) @punctuation.special
(brace) @punctuation.bracket
["(" ")"] @punctuation.bracket
["," ":"] @punctuation.delimiter
["@" "$$" "$&" "^"] @operator

(unparsed) @error
