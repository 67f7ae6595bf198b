"""The reader of tracking databases: SQLite, PostgreSQL, MySQL and MariaDB, SQL Server."""
