"""Train the sentence model and write content/sentence_model.onnx (`make model`).

`weights` reads the base model, `vocabulary` prunes its pieces, `samples` reads what to learn,
`encoder` and `training` are PyTorch, `published` reads the file that a training goes on from,
`export` writes ONNX, `figures` and `card` tell how good it is. `head` fits further labels, without
PyTorch (`make head`). The line itself imports nothing of this.
"""
