(comment) @comment

(mnemonic) @keyword
(keyword) @keyword.directive

(label name: (identifier) @label)
(local_reference) @label
(data_label name: (identifier) @label)
(data_definition name: (identifier) @variable)
(equate name: (identifier) @constant)
(preprocessor name: (identifier) @constant.macro)
(macro_header name: (identifier) @function.macro)
(procedure_header name: (identifier) @function)
(function_header name: (identifier) @function)
(function_label name: (identifier) @function)
(structure_header name: (identifier) @type)
(segment_header name: (identifier) @namespace)
(section name: (identifier) @namespace)

(register) @variable.builtin
((identifier) @variable.builtin
  (#match? @variable.builtin "^([re]?[abcd]x|[abcd][lh]|[re]?([sd]i|[sb]p|ip)|[sd]il|[sb]pl|r([89]|1[0-5])[bwd]?|[c-gs]s|[xyz]mm([12]?[0-9]|3[01])|k[0-7]|[wx]([12]?[0-9]|30|zr)|sp|lr|pc|[vqdsb]([12]?[0-9]|3[01])|zero|ra|[ast][0-9]{1,2})$"))
(immediate) @number
(number) @number
[(string) (character) (path)] @string
[(text) (text_literal)] @string.special
(macro_argument) @variable.parameter
[(operator) (shift)] @operator
["[" "]" "(" ")" "{" "}"] @punctuation.bracket
"," @punctuation.delimiter
[(unparsed) (unclosed)] @error
