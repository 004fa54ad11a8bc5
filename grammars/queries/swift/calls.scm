(call_expression . (simple_identifier) @name) @call
(call_expression . (navigation_expression target: (_) @receiver suffix: (navigation_suffix suffix: (_) @name))) @call
(import_declaration (identifier) @name) @import

(control_transfer_statement (throw_keyword) (call_expression . (_) @raise))
(control_transfer_statement (throw_keyword) (navigation_expression) @raise)
(control_transfer_statement "return" result: (_)) @return
(property_declaration name: (pattern bound_identifier: (simple_identifier) @local))
(for_statement item: (pattern bound_identifier: (simple_identifier) @local))
(lambda_literal) @scope
(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @field)))
(enum_entry name: (simple_identifier) @field)
