(class_declaration name: (_) @name superclass: (_)? @bases interfaces: (_)? @bases body: (_) @body) @definition.class
(record_declaration name: (_) @name parameters: (_) @parameters interfaces: (_)? @bases body: (_) @body) @definition.class
(interface_declaration name: (_) @name (extends_interfaces)? @bases body: (_) @body) @definition.interface
(annotation_type_declaration name: (_) @name body: (_) @body) @definition.interface
(annotation_type_element_declaration name: (_) @name) @definition.method
(enum_declaration name: (_) @name interfaces: (_)? @bases body: (_) @body) @definition.enum
(method_declaration type: (_) @return name: (_) @name parameters: (_) @parameters body: (_)? @body) @definition.method
(constructor_declaration name: (_) @name parameters: (_) @parameters body: (_) @body) @definition.constructor
(compact_constructor_declaration name: (_) @name body: (_) @body) @definition.constructor
(module_declaration name: (_) @name body: (_) @body) @definition.module

(marker_annotation) @decorator
(annotation) @decorator
(line_comment) @comment
(block_comment) @comment
