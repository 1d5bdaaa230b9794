load style
