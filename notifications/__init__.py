"""Mail: which events become messages, how they read, how they leave."""
