(label_block) @fold
(dot_block) @fold
(comment_block) @fold
(data_block) @fold
