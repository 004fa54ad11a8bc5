(class_definition name: (_) @name superclasses: (_)? @bases body: (_) @body) @definition.class
(function_definition name: (_) @name parameters: (_) @parameters return_type: (_)? @return body: (_) @body) @definition.function
(assignment left: (identifier) @name right: (lambda parameters: (_)? @parameters body: (_) @body)) @definition.function

(decorated_definition definition: (_) @inner) @wrapper
(expression_statement . (assignment right: (lambda)) @inner .) @wrapper
(decorator) @decorator
(comment) @comment
