(function_definition type: (_)? @return declarator: (function_declarator declarator: [(identifier) (field_identifier) (destructor_name) (operator_name) (qualified_identifier) (template_function)] @name parameters: (_) @parameters) body: (_)? @body) @definition.function
(function_definition type: (_)? @return declarator: (pointer_declarator declarator: (function_declarator declarator: [(identifier) (field_identifier) (destructor_name) (operator_name) (qualified_identifier) (template_function)] @name parameters: (_) @parameters)) body: (_)? @body) @definition.function
(function_definition type: (_)? @return declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: [(identifier) (field_identifier) (destructor_name) (operator_name) (qualified_identifier) (template_function)] @name parameters: (_) @parameters))) body: (_)? @body) @definition.function
(function_definition type: (_)? @return declarator: (reference_declarator (function_declarator declarator: [(identifier) (field_identifier) (destructor_name) (operator_name) (qualified_identifier) (template_function)] @name parameters: (_) @parameters)) body: (_)? @body) @definition.function
(function_definition type: (_)? @return declarator: (pointer_declarator declarator: (reference_declarator (function_declarator declarator: [(identifier) (field_identifier) (destructor_name) (operator_name) (qualified_identifier) (template_function)] @name parameters: (_) @parameters))) body: (_)? @body) @definition.function
(function_definition type: (_)? @return declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (function_declarator declarator: [(identifier) (field_identifier) (destructor_name) (operator_name) (qualified_identifier) (template_function)] @name parameters: (_) @parameters)))) body: (_)? @body) @definition.function
(function_definition type: (_)? @return declarator: (operator_cast) @name body: (_)? @body) @definition.function
(function_definition type: (_)? @return declarator: (qualified_identifier) @name body: (_)? @body) @definition.function
(class_specifier name: (_) @name (base_class_clause)? @bases body: (_) @body) @definition.class
(struct_specifier name: (_) @name (base_class_clause)? @bases body: (_) @body) @definition.struct
(union_specifier name: (_) @name body: (_) @body) @definition.struct
(enum_specifier name: (_) @name body: (_) @body) @definition.enum
(type_definition type: (struct_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (enum_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.enum
(namespace_definition name: (_) @name body: (_) @body) @definition.namespace
(concept_definition name: (_) @name) @definition.interface
(preproc_function_def name: (_) @name parameters: (_) @parameters value: (_)? @body) @definition.macro

(declaration . type: [(struct_specifier) (union_specifier) (enum_specifier) (class_specifier)] @inner .) @wrapper
(template_declaration [(function_definition) (class_specifier) (struct_specifier) (concept_definition)] @inner) @wrapper
(attribute_declaration) @decorator
(comment) @comment
(friend_declaration (function_definition) @inner) @wrapper
(init_declarator declarator: (identifier) @name value: (lambda_expression declarator: (abstract_function_declarator parameters: (_) @parameters)? body: (_) @body)) @definition.function
(declaration declarator: (init_declarator value: (lambda_expression)) @inner) @wrapper
