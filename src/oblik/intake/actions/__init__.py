"""What changes intake's tables: lists received and read, matched and judged."""
