(call_expression function: (identifier) @name) @call
(call_expression function: (field_expression value: (_) @receiver field: (_) @name)) @call
(call_expression function: (scoped_identifier path: (_)? @receiver name: (_) @name)) @call
(call_expression function: (generic_function function: (identifier) @name)) @call
(call_expression function: (generic_function function: (scoped_identifier path: (_)? @receiver name: (_) @name))) @call
(call_expression function: (generic_function function: (field_expression value: (_) @receiver field: (_) @name))) @call
(struct_expression name: (type_identifier) @name) @new
(macro_invocation macro: (identifier) @name) @macro
(macro_invocation macro: (scoped_identifier path: (_) @receiver name: (_) @name)) @macro
(use_declaration argument: (_) @name) @import
(extern_crate_declaration name: (_) @name) @import

(return_expression (_)) @return
(function_item return_type: (_) body: (block [(identifier) (call_expression) (binary_expression) (field_expression) (match_expression) (if_expression) (struct_expression) (macro_invocation) (reference_expression) (integer_literal) (string_literal) (boolean_literal) (unary_expression) (scoped_identifier) (self) (try_expression) (tuple_expression) (array_expression) (index_expression) (type_cast_expression) (await_expression) (closure_expression) (unsafe_block) (block) (generic_function) (range_expression) (float_literal) (char_literal) (parenthesized_expression) (unit_expression)] @return .))
(let_declaration pattern: (identifier) @local)
(let_declaration pattern: (tuple_pattern (identifier) @local))
(for_expression pattern: (identifier) @local)
(closure_parameters (identifier) @local)
(closure_expression) @scope
(struct_item body: (field_declaration_list (field_declaration name: (field_identifier) @field)))
(union_item body: (field_declaration_list (field_declaration name: (field_identifier) @field)))
(enum_item body: (enum_variant_list (enum_variant name: (identifier) @field)))
