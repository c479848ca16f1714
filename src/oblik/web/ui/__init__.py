"""What every page shares: templates, built styles and scripts, template tags, names of fields and states in words, the
language and the headers of each answer. Knows no screen."""
