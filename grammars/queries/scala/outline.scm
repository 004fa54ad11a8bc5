(class_definition name: (_) @name class_parameters: (_)? @parameters extend: (_)? @bases body: (_)? @body) @definition.class
(trait_definition name: (_) @name extend: (_)? @bases body: (_)? @body) @definition.interface
(object_definition name: (_) @name extend: (_)? @bases body: (_)? @body) @definition.object
(package_object name: (_) @name body: (_)? @body) @definition.object
(enum_definition name: (_) @name extend: (_)? @bases body: (_) @body) @definition.enum
(function_definition name: (_) @name (parameters) @parameters return_type: (_)? @return body: (_) @body) @definition.function
(function_definition name: (_) @name return_type: (_)? @return body: (_) @body) @definition.function
(function_declaration name: (_) @name (parameters) @parameters return_type: (_)? @return) @definition.function
(function_declaration name: (_) @name return_type: (_)? @return) @definition.function
(val_definition pattern: (identifier) @name value: (lambda_expression parameters: (_) @parameters) @body) @definition.function
(given_definition name: (_) @name return_type: (_)? @return body: (_)? @body) @definition.object
(type_definition name: (_) @name) @definition.interface
(package_clause name: (_) @name body: (_) @body) @definition.namespace

(annotation) @decorator
(comment) @comment
(block_comment) @comment
