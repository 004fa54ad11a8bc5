(call_expression function: (identifier) @name) @call
(call_expression function: (field_expression value: (_) @receiver field: (_) @name)) @call
(call_expression function: (generic_function function: (identifier) @name)) @call
(call_expression function: (generic_function function: (field_expression value: (_) @receiver field: (_) @name))) @call
(instance_expression (_) @name) @new
(import_declaration) @import

(throw_expression (instance_expression . (_) @raise))
(return_expression (_)) @return
(function_definition body: [(identifier) (call_expression) (infix_expression) (field_expression) (match_expression) (if_expression) (string) (integer_literal) (boolean_literal) (tuple_expression)] @return)
(val_definition pattern: (identifier) @local)
(var_definition pattern: (identifier) @local)
(enumerator . (identifier) @local)
(class_parameters (class_parameter name: (identifier) @field))
(class_definition body: (template_body (val_definition pattern: (identifier) @field)))
(class_definition body: (template_body (var_definition pattern: (identifier) @field)))
(trait_definition body: (template_body (val_definition pattern: (identifier) @field)))
(trait_definition body: (template_body (var_definition pattern: (identifier) @field)))
(object_definition body: (template_body (val_definition pattern: (identifier) @field)))
(object_definition body: (template_body (var_definition pattern: (identifier) @field)))
(simple_enum_case name: (identifier) @field)
