((call !receiver method: (identifier) @name arguments: (argument_list . (string) @_path)) @call (#not-any-of? @name "require" "require_relative" "load"))
((call !receiver method: (identifier) @_word arguments: (argument_list . (string (string_content) @name))) @import (#any-of? @_word "require" "require_relative" "load"))
((call !receiver method: (identifier) @_word arguments: (argument_list . (_) @raise)) (#any-of? @_word "raise" "fail"))
((call !receiver method: (_) @name) @call (#not-any-of? @name "require" "require_relative" "load" "raise" "fail"))
((call receiver: (_) @receiver method: (identifier) @name) @call (#not-eq? @name "new"))
((call receiver: (_) @name method: (identifier) @_new) @new (#eq? @_new "new"))
(super) @call

(return (_)) @return
(assignment left: (identifier) @local)
(left_assignment_list (identifier) @local)
(block_parameters (identifier) @local)
(exception_variable (identifier) @local)
