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
(jsx_self_closing_element name: (identifier) @name) @call
(jsx_opening_element name: (identifier) @name) @call
[(arrow_function) (function_expression) (generator_function)] @scope
(class_body (field_definition property: (property_identifier) @field))
