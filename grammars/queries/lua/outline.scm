(function_declaration name: (identifier) @name parameters: (_) @parameters body: (_)? @body) @definition.function
(function_declaration name: (dot_index_expression table: (_) @receiver field: (_) @name) parameters: (_) @parameters body: (_)? @body) @definition.function
(function_declaration name: (method_index_expression table: (_) @receiver method: (_) @name) parameters: (_) @parameters body: (_)? @body) @definition.method
(assignment_statement (variable_list . name: (identifier) @name .) (expression_list . value: (function_definition parameters: (_) @parameters body: (_)? @body) .)) @definition.function
(assignment_statement (variable_list . name: (dot_index_expression table: (_) @receiver field: (_) @name) .) (expression_list . value: (function_definition parameters: (_) @parameters body: (_)? @body) .)) @definition.function
(field name: (_) @name value: (function_definition parameters: (_) @parameters body: (_)? @body)) @definition.method

(variable_declaration (assignment_statement (variable_list . (_) .) (expression_list . (function_definition) .)) @inner) @wrapper
(comment) @comment
