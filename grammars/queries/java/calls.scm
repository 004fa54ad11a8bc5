(method_invocation !object name: (_) @name) @call
(method_invocation object: (_) @receiver name: (_) @name) @call
(method_reference . (_) @receiver (identifier) @name .) @call
(object_creation_expression type: (_) @name) @new
(explicit_constructor_invocation constructor: (_) @name) @call
(import_declaration (_) @name) @import

(throw_statement (object_creation_expression type: (_) @raise))
(throws (_) @raise)
(return_statement (_)) @return
(local_variable_declaration declarator: (variable_declarator name: (identifier) @local))
(enhanced_for_statement name: (identifier) @local)
(catch_formal_parameter name: (identifier) @local)
(lambda_expression parameters: (identifier) @local)
(lambda_expression) @scope
(class_declaration body: (class_body (field_declaration declarator: (variable_declarator name: (identifier) @field))))
(record_declaration parameters: (formal_parameters (formal_parameter name: (identifier) @field)))
(enum_declaration body: (enum_body (enum_constant name: (identifier) @field)))
