(class_declaration name: (_) @name (parameter_list)? @parameters (base_list)? @bases body: (_)? @body) @definition.class
(struct_declaration name: (_) @name (base_list)? @bases body: (_)? @body) @definition.struct
(record_declaration name: (_) @name (parameter_list)? @parameters (base_list)? @bases body: (_)? @body) @definition.class
(interface_declaration name: (_) @name (base_list)? @bases body: (_)? @body) @definition.interface
(enum_declaration name: (_) @name body: (_)? @body) @definition.enum
(delegate_declaration type: (_) @return name: (_) @name parameters: (_) @parameters) @definition.interface
(namespace_declaration name: (_) @name body: (_) @body) @definition.namespace
((file_scoped_namespace_declaration name: (_) @name) @definition.namespace (#set! level 1))
(method_declaration returns: (_) @return name: (_) @name parameters: (_) @parameters body: (_)? @body) @definition.method
(local_function_statement type: (_) @return name: (_) @name parameters: (_) @parameters body: (_)? @body) @definition.function
(constructor_declaration name: (_) @name parameters: (_) @parameters (constructor_initializer)? body: (_)? @body) @definition.constructor
(destructor_declaration "~" @name name: (_) @name parameters: (_) @parameters body: (_)? @body) @definition.method
(operator_declaration type: (_) @return "operator" @name operator: _ @name parameters: (_) @parameters body: (_)? @body) @definition.operator
(conversion_operator_declaration "operator" @name type: (_) @name @return parameters: (_) @parameters body: (_)? @body) @definition.operator
(indexer_declaration type: (_) @return "this" @name parameters: (_) @parameters accessors: (_)? @body value: (_)? @body) @definition.property
(property_declaration type: (_) @return name: (_) @name accessors: (_) @body) @definition.property
(property_declaration type: (_) @return name: (_) @name value: (arrow_expression_clause) @body) @definition.property
(event_declaration name: (_) @name accessors: (_)? @body) @definition.event

(attribute_list) @decorator
(comment) @comment
