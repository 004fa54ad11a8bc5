; `;;` lines survive compilation and are read by $TEXT: data, never to be stripped.
(comment) @comment
(data_comment) @comment.data
