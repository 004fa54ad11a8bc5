(class_declaration declaration_kind: ["class" "actor"] name: (_) @name body: (_) @body) @definition.class
(class_declaration declaration_kind: "struct" name: (_) @name body: (_) @body) @definition.struct
(class_declaration declaration_kind: "enum" name: (_) @name body: (_) @body) @definition.enum
(class_declaration declaration_kind: "extension" name: (_) @name body: (_) @body) @definition.class
(protocol_declaration name: (_) @name body: (_) @body) @definition.interface
(function_declaration "func" . _ @name body: (_) @body) @definition.function
(protocol_function_declaration "func" . name: (_) @name) @definition.function
(init_declaration "init" @name body: (_)? @body) @definition.constructor
(deinit_declaration "deinit" @name body: (_) @body) @definition.method
(subscript_declaration "subscript" @name (computed_property) @body) @definition.method
(property_declaration name: (pattern bound_identifier: (_) @name) computed_value: (_) @body) @definition.property
(property_declaration name: (pattern bound_identifier: (_) @name) value: (lambda_literal) @body) @definition.function
(typealias_declaration . name: (_) @name) @definition.interface

(attribute) @decorator
(comment) @comment
(multiline_comment) @comment
