((namespace_definition name: (_) @name !body) @definition.namespace (#set! level 1))
(namespace_definition name: (_) @name body: (_) @body) @definition.namespace
(class_declaration name: (_) @name (base_clause)? @bases (class_interface_clause)? @bases body: (_) @body) @definition.class
(interface_declaration name: (_) @name (base_clause)? @bases body: (_) @body) @definition.interface
(trait_declaration name: (_) @name body: (_) @body) @definition.class
(enum_declaration name: (_) @name (class_interface_clause)? @bases body: (_) @body) @definition.enum
(function_definition name: (_) @name parameters: (_) @parameters return_type: (_)? @return body: (_) @body) @definition.function
(method_declaration name: (_) @name parameters: (_) @parameters return_type: (_)? @return body: (_)? @body) @definition.method
(assignment_expression left: (variable_name) @name right: [(anonymous_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body) (arrow_function parameters: (_) @parameters return_type: (_)? @return body: (_) @body)]) @definition.function

(expression_statement (assignment_expression right: [(anonymous_function) (arrow_function)]) @inner) @wrapper
(attribute_list) @decorator
(comment) @comment
