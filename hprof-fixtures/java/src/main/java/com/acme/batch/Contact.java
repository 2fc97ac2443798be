package com.acme.batch;

import javax.persistence.Entity;
import javax.persistence.Id;

/** An entity. */
@Entity
public class Contact {
    @Id
    private long id;
    private String name;
    private String mail;

    protected Contact() {}

    Contact(long id, String name, String mail) {
        this.id = id;
        this.name = name;
        this.mail = mail;
    }
}
