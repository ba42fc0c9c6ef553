"""What is computed, exactly: frozen values in, frozen values out, nothing read or written."""
