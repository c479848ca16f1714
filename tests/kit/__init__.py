"""What several tests share: a command that must succeed, made-up lists."""
