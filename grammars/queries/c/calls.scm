(call_expression function: (identifier) @name) @call
(call_expression function: (field_expression argument: (_) @receiver field: (_) @name)) @call
(preproc_include path: (_) @name) @import

(return_statement (_)) @return
(declaration declarator: (identifier) @local)
(declaration declarator: (init_declarator declarator: (identifier) @local))
(declaration declarator: (init_declarator declarator: (pointer_declarator declarator: (identifier) @local)))
(declaration declarator: (pointer_declarator declarator: (identifier) @local))
(declaration declarator: (array_declarator declarator: (identifier) @local))
(struct_specifier name: (_) body: (field_declaration_list (field_declaration declarator: [(field_identifier) @field (pointer_declarator declarator: (field_identifier) @field) (array_declarator declarator: (field_identifier) @field)])))
(type_definition type: (struct_specifier !name body: (field_declaration_list (field_declaration declarator: [(field_identifier) @field (pointer_declarator declarator: (field_identifier) @field) (array_declarator declarator: (field_identifier) @field)]))))
(enum_specifier body: (enumerator_list (enumerator name: (identifier) @field)))
