(invocation_expression function: (identifier) @name) @call
(invocation_expression function: (generic_name (identifier) @name)) @call
(invocation_expression function: (member_access_expression expression: (_) @receiver name: (identifier) @name)) @call
(invocation_expression function: (member_access_expression expression: (_) @receiver name: (generic_name (identifier) @name))) @call
(invocation_expression function: (conditional_access_expression condition: (_) @receiver (member_binding_expression name: (_) @name))) @call
(object_creation_expression type: (_) @name) @new
(using_directive [(identifier) (qualified_name)] @name .) @import

(throw_statement (object_creation_expression type: (_) @raise))
(throw_expression (object_creation_expression type: (_) @raise))
(return_statement (_)) @return
(yield_statement (_)) @return
(variable_declarator name: (identifier) @local)
(foreach_statement left: (identifier) @local)
(catch_declaration name: (identifier) @local)
[(lambda_expression) (anonymous_method_expression)] @scope
(property_declaration name: (identifier) @field)
(field_declaration (variable_declaration (variable_declarator name: (identifier) @field)))
(record_declaration (parameter_list (parameter name: (identifier) @field)))
(enum_member_declaration name: (identifier) @field)
