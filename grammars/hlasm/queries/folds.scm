(section) @fold
(dummy_section) @fold
(macro_definition) @fold
(exec_statement) @fold
