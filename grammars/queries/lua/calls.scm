((function_call name: (identifier) @name) @call (#not-any-of? @name "require"))
(function_call name: (dot_index_expression table: (_) @receiver field: (_) @name)) @call
(function_call name: (method_index_expression table: (_) @receiver method: (_) @name)) @call
((function_call name: (identifier) @_word arguments: (arguments . (string content: (_) @name))) @import (#eq? @_word "require"))

(return_statement (expression_list)) @return
(variable_declaration (assignment_statement (variable_list name: (identifier) @local)))
(variable_declaration (variable_list name: (identifier) @local))
(for_generic_clause (variable_list name: (identifier) @local))
(for_numeric_clause name: (identifier) @local)
(function_definition) @scope
