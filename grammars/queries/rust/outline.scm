(function_item name: (_) @name parameters: (_) @parameters return_type: (_)? @return body: (_) @body) @definition.function
(function_signature_item name: (_) @name parameters: (_) @parameters return_type: (_)? @return) @definition.function
(struct_item name: (_) @name body: (_)? @body) @definition.struct
(union_item name: (_) @name body: (_) @body) @definition.struct
(enum_item name: (_) @name body: (_) @body) @definition.enum
(trait_item name: (_) @name bounds: (_)? @bases body: (_) @body) @definition.interface
(impl_item trait: (_)? @bases type: (generic_type type: (_) @name) body: (_) @body) @definition.class
(impl_item trait: (_)? @bases type: (_) @name body: (_) @body) @definition.class
(mod_item name: (_) @name body: (_) @body) @definition.module
(macro_definition name: (_) @name (macro_rule) @body) @definition.macro
(let_declaration pattern: (identifier) @name value: (closure_expression parameters: (_) @parameters return_type: (_)? @return body: (_) @body)) @definition.function

(attribute_item) @decorator
(line_comment) @comment
(block_comment) @comment
