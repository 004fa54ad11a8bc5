(function_call_expression function: (_) @name) @call
(member_call_expression object: (_) @receiver name: (_) @name) @call
(nullsafe_member_call_expression object: (_) @receiver name: (_) @name) @call
(scoped_call_expression scope: (_) @receiver name: (_) @name) @call
(object_creation_expression . [(name) (qualified_name)] @name) @new
(namespace_use_clause . [(name) (qualified_name)] @name) @import
(include_expression (_) @name) @import
(include_once_expression (_) @name) @import
(require_expression (_) @name) @import
(require_once_expression (_) @name) @import

(throw_expression (object_creation_expression . (_) @raise))
(return_statement (_)) @return
(yield_expression) @return
(assignment_expression left: (variable_name) @local)
(foreach_statement (pair (variable_name) @local))
(foreach_statement (_) (variable_name) @local)
(catch_clause name: (variable_name) @local)
(anonymous_function) @scope
(property_declaration (property_element name: (variable_name) @field))
(enum_case name: (name) @field)
