import GRDB

/// The tables, step by step. A step that has been released never changes.
enum NodeMigrations {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: presets") { database in
      try database.create(table: "preset") { table in
        table.primaryKey("name", .text)
        table.column("preset", .jsonText).notNull()
      }
    }
    migrator.registerMigration("2: jobs") { database in
      try database.create(table: "job") { table in
        table.primaryKey("id", .text)
        table.column("idempotencyKey", .text).unique()
        table.column("caller", .text).notNull()
        table.column("created", .double).notNull()
        table.column("updated", .double).notNull()
        table.column("status", .text).notNull().indexed()
        table.column("order", .jsonText).notNull()
        table.column("progress", .jsonText).notNull()
        table.column("failure", .jsonText)
        table.column("result", .jsonText)
        table.column("webhook", .jsonText)
      }
    }
    migrator.registerMigration("3: usage") { database in
      try database.create(table: "usage") { table in
        table.column("day", .text).notNull()
        table.column("caller", .text).notNull()
        table.column("model", .text).notNull()
        table.column("requests", .integer).notNull()
        table.column("characters", .integer).notNull()
        table.column("audioSeconds", .double).notNull()
        table.primaryKey(["day", "caller", "model"])
      }
    }
    migrator.registerMigration("4: keys") { database in
      try database.create(table: "apiKey") { table in
        table.primaryKey("id", .text)
        table.column("created", .double).notNull()
        table.column("key", .jsonText).notNull()
      }
    }
    migrator.registerMigration("5: the audit log's end") { database in
      try database.create(table: "auditHead") { table in
        table.primaryKey("id", .integer)
        table.column("head", .jsonText).notNull()
      }
    }
    return migrator
  }
}
