(class_declaration name: (_) @name (class_heritage)? @bases body: (_) @body) @definition.class
(function_declaration name: (_) @name parameters: (_) @parameters return_type: (_)? @return body: (_) @body) @definition.function
(generator_function_declaration name: (_) @name parameters: (_) @parameters return_type: (_)? @return body: (_) @body) @definition.function
(method_definition ["get" "set"] name: (_) @name parameters: (_) @parameters return_type: (_)? @return body: (_) @body) @definition.property
(method_definition name: (_) @name parameters: (_) @parameters return_type: (_)? @return body: (_) @body) @definition.method

(variable_declarator name: (identifier) @name value: (arrow_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body)) @definition.function
(variable_declarator name: (identifier) @name value: (arrow_function parameter: (_) @parameters body: (_) @body)) @definition.function
(variable_declarator name: (identifier) @name value: [(function_expression parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (generator_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body)]) @definition.function
(variable_declarator name: (identifier) @name value: (class (class_heritage)? @bases body: (_) @body)) @definition.class
(assignment_expression left: (identifier) @name right: [(arrow_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (function_expression parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (generator_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body)]) @definition.function
(assignment_expression left: (member_expression object: (_) @receiver property: (_) @name) right: [(arrow_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (function_expression parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (generator_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body)]) @definition.function
(assignment_expression left: (member_expression object: (_) @receiver property: (_) @name) right: (class body: (_) @body)) @definition.class
(pair key: (_) @name value: [(arrow_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (arrow_function parameter: (_) @parameters body: (_) @body) (function_expression parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (generator_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body)]) @definition.method
(public_field_definition name: (_) @name value: [(arrow_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (arrow_function parameter: (_) @parameters body: (_) @body) (function_expression parameters: (_) @parameters return_type: (_)? @return body: (_) @body)]) @definition.method

(export_statement "default" @name value: [(arrow_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (function_expression !name parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (generator_function !name parameters: (_) @parameters return_type: (_)? @return body: (_) @body)]) @definition.function
(export_statement "default" @name value: (class !name (class_heritage)? @bases body: (_) @body)) @definition.class

(export_statement declaration: (_) @inner) @wrapper
(export_statement value: [(class) (function_expression) (generator_function)] @inner) @wrapper
(lexical_declaration . (variable_declarator value: [(arrow_function) (function_expression) (generator_function) (class)]) @inner .) @wrapper
(variable_declaration . (variable_declarator value: [(arrow_function) (function_expression) (generator_function) (class)]) @inner .) @wrapper
(expression_statement (assignment_expression right: [(arrow_function) (function_expression) (generator_function) (class)]) @inner) @wrapper

(decorator) @decorator
(comment) @comment
(abstract_class_declaration name: (_) @name (class_heritage)? @bases body: (_) @body) @definition.class
(interface_declaration name: (_) @name (extends_type_clause)? @bases body: (_) @body) @definition.interface
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(type_alias_declaration name: (_) @name value: (object_type) @body) @definition.interface
(type_alias_declaration name: (_) @name) @definition.interface
(function_signature name: (_) @name parameters: (_) @parameters return_type: (_)? @return) @definition.function
(method_signature name: (_) @name parameters: (_) @parameters return_type: (_)? @return) @definition.method
(abstract_method_signature name: (_) @name parameters: (_) @parameters return_type: (_)? @return) @definition.method
(internal_module name: (_) @name body: (_) @body) @definition.namespace
(module name: (_) @name body: (_) @body) @definition.module
(ambient_declaration (_) @inner) @wrapper
(expression_statement (internal_module) @inner) @wrapper
