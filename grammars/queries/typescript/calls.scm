(call_expression function: (identifier) @name) @call
(call_expression function: (member_expression object: (_) @receiver property: (_) @name)) @call
(call_expression function: (import) arguments: (arguments . (string) @name)) @import
(call_expression function: (super) @name) @call
(new_expression constructor: (identifier) @name) @new
(new_expression constructor: (member_expression object: (_) @receiver property: (_) @name)) @new
(import_statement source: (string) @name) @import
(export_statement source: (string) @name) @import

(throw_statement (new_expression constructor: (_) @raise))
(return_statement (_)) @return
(variable_declarator name: (identifier) @local)
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @local))
(variable_declarator name: (array_pattern (identifier) @local))
(for_in_statement left: (identifier) @local)
(catch_clause parameter: (identifier) @local)
(import_require_clause source: (string) @name) @import
[(arrow_function) (function_expression) (generator_function)] @scope
(interface_body (property_signature name: (property_identifier) @field))
(type_alias_declaration value: (object_type (property_signature name: (property_identifier) @field)))
(class_body (public_field_definition name: (property_identifier) @field))
(enum_body name: (property_identifier) @field)
(enum_body (enum_assignment name: (property_identifier) @field))
