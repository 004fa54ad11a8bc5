(module name: (_) @name body: (_)? @body) @definition.module
(class name: (_) @name superclass: (_)? @bases body: (_)? @body) @definition.class
(singleton_class value: (_) @name body: (_)? @body) @definition.class
(method name: (_) @name parameters: (_)? @parameters body: (_)? @body) @definition.method
(singleton_method object: (_) @receiver name: (_) @name parameters: (_)? @parameters body: (_)? @body) @definition.method
(assignment left: [(identifier) (constant)] @name right: (lambda parameters: (_)? @parameters body: (_) @body)) @definition.function

(comment) @comment
