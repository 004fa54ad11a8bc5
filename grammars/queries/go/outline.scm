(function_declaration name: (_) @name parameters: (_) @parameters result: (_)? @return body: (_)? @body) @definition.function
(method_declaration receiver: (_) @receiver name: (_) @name parameters: (_) @parameters result: (_)? @return body: (_)? @body) @definition.method
(type_spec name: (_) @name type: (struct_type (field_declaration_list) @body)) @definition.struct
(type_spec name: (_) @name type: (interface_type "{" @body)) @definition.interface
(type_spec name: (_) @name type: (function_type)) @definition.interface
(type_spec name: (_) @name) @definition.class
(type_alias name: (_) @name) @definition.class
(method_elem name: (_) @name parameters: (_) @parameters result: (_)? @return) @definition.method
(short_var_declaration left: (expression_list . (identifier) @name .) right: (expression_list . (func_literal parameters: (_) @parameters result: (_)? @return body: (_) @body) .)) @definition.function
(var_spec name: (identifier) @name value: (expression_list . (func_literal parameters: (_) @parameters result: (_)? @return body: (_) @body) .)) @definition.function

(type_declaration . "type" . [(type_spec) (type_alias)] @inner .) @wrapper
(var_declaration . "var" . (var_spec value: (expression_list (func_literal))) @inner .) @wrapper
(comment) @comment
