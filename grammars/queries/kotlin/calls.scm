(call_expression . (identifier) @name) @call
(call_expression . (navigation_expression . (_) @receiver (identifier) @name .)) @call
(constructor_invocation (user_type) @name) @new
(import (qualified_identifier) @name) @import
(import (identifier) @name) @import

(throw_expression (call_expression . (_) @raise))
(return_expression (_)) @return
(property_declaration (variable_declaration (identifier) @local))
(for_statement (variable_declaration (identifier) @local))
(lambda_parameters (variable_declaration (identifier) @local))
(anonymous_function) @scope
(class_parameter ["val" "var"] . (identifier) @field)
(class_declaration (class_body (property_declaration (variable_declaration (identifier) @field))))
(object_declaration (class_body (property_declaration (variable_declaration (identifier) @field))))
(enum_entry (identifier) @field)
