(comment_line) @comment
(macro_comment) @comment
(remark) @comment.remark
