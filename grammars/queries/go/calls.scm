(call_expression function: (identifier) @name) @call
(call_expression function: (selector_expression operand: (_) @receiver field: (_) @name)) @call
(composite_literal type: (type_identifier) @name) @new
(import_spec path: (_) @name) @import

(return_statement (_)) @return
(short_var_declaration left: (expression_list (identifier) @local))
(var_spec name: (identifier) @local)
(range_clause left: (expression_list (identifier) @local))
(func_literal) @scope
(type_spec type: (struct_type (field_declaration_list (field_declaration name: (field_identifier) @field))))
