(class_declaration "interface" name: (_) @name (delegation_specifiers)? @bases (class_body)? @body) @definition.interface
(class_declaration "class" name: (_) @name (primary_constructor)? @parameters (delegation_specifiers)? @bases (enum_class_body) @body) @definition.enum
(class_declaration "class" name: (_) @name (primary_constructor)? @parameters (delegation_specifiers)? @bases (class_body)? @body) @definition.class
(object_declaration name: (_) @name (delegation_specifiers)? @bases (class_body)? @body) @definition.object
(companion_object name: (_) @name (delegation_specifiers)? @bases (class_body)? @body) @definition.object
(companion_object "companion" @name !name (delegation_specifiers)? @bases (class_body)? @body) @definition.object
(function_declaration name: (_) @name (function_value_parameters) @parameters . (_)? @return (function_body)? @body) @definition.function
(secondary_constructor "constructor" @name (function_value_parameters) @parameters (block)? @body) @definition.constructor
(property_declaration (variable_declaration (identifier) @name) [(anonymous_function (function_value_parameters) @parameters (function_body)? @body) (lambda_literal) @body]) @definition.function
(property_declaration (variable_declaration (identifier) @name) (getter) @body) @definition.property
(property_declaration (variable_declaration (identifier) @name) (setter) @body) @definition.property
(type_alias . (identifier) @name) @definition.interface

(annotation) @decorator
(line_comment) @comment
(block_comment) @comment
