(call function: (identifier) @name) @call
(call function: (attribute object: (_) @receiver attribute: (_) @name)) @call
(import_statement name: (dotted_name) @name) @import
(import_statement name: (aliased_import name: (_) @name)) @import
(import_from_statement module_name: (_) @name) @import

(raise_statement . (call function: (_) @raise))
(raise_statement . (identifier) @raise)
(raise_statement . (attribute) @raise)
(return_statement (_)) @return
(yield) @return
(assignment left: (identifier) @local)
(assignment left: (pattern_list (identifier) @local))
(assignment left: (tuple_pattern (identifier) @local))
(for_statement left: (identifier) @local)
(for_statement left: (pattern_list (identifier) @local))
(for_in_clause left: (identifier) @local)
(as_pattern_target (identifier) @local)
(named_expression name: (identifier) @local)
(class_definition body: (block (expression_statement (assignment left: (identifier) @field))))
