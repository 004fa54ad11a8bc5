(call_expression function: (identifier) @name) @call
(call_expression function: (field_expression argument: (_) @receiver field: (_) @name)) @call
(preproc_include path: (_) @name) @import

(return_statement (_)) @return
(declaration declarator: (identifier) @local)
(declaration declarator: (init_declarator declarator: (identifier) @local))
(declaration declarator: (init_declarator declarator: (pointer_declarator declarator: (identifier) @local)))
(declaration declarator: (pointer_declarator declarator: (identifier) @local))
(declaration declarator: (array_declarator declarator: (identifier) @local))
(call_expression function: (qualified_identifier scope: (_)? @receiver name: (_) @name)) @call
(call_expression function: (template_function name: (_) @name)) @call
(new_expression type: (_) @name) @new
(using_declaration (qualified_identifier) @name) @import
(throw_statement (call_expression function: (_) @raise))
(for_range_loop declarator: (identifier) @local)
(for_range_loop declarator: (reference_declarator (identifier) @local))
(declaration declarator: (init_declarator declarator: (reference_declarator (identifier) @local)))
(lambda_expression) @scope
