(function_definition type: (_) @return declarator: (function_declarator declarator: (identifier) @name parameters: (_) @parameters) body: (_) @body) @definition.function
(function_definition type: (_) @return declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name parameters: (_) @parameters)) body: (_) @body) @definition.function
(function_definition type: (_) @return declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name parameters: (_) @parameters))) body: (_) @body) @definition.function
(function_definition type: (_) @return declarator: (function_declarator declarator: (parenthesized_declarator (function_declarator declarator: (identifier) @name parameters: (_) @parameters))) body: (_) @body) @definition.function
(function_definition type: (_) @return declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (function_declarator declarator: (identifier) @name parameters: (_) @parameters)))) body: (_) @body) @definition.function
(function_definition type: (_) @return declarator: (function_declarator declarator: (parenthesized_declarator (identifier) @name) parameters: (_) @parameters) body: (_) @body) @definition.function

(type_definition type: (struct_specifier body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (enum_specifier body: (_) @body) declarator: (type_identifier) @name) @definition.enum
(struct_specifier name: (_) @name body: (_) @body) @definition.struct
(union_specifier name: (_) @name body: (_) @body) @definition.struct
(enum_specifier name: (_) @name body: (_) @body) @definition.enum
(preproc_function_def name: (_) @name parameters: (_) @parameters value: (_)? @body) @definition.macro

(declaration . type: [(struct_specifier) (union_specifier) (enum_specifier)] @inner .) @wrapper
(comment) @comment
