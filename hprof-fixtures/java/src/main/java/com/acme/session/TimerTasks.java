package com.acme.session;

import fixtures.Scenario;
import java.util.Timer;
import java.util.TimerTask;

/** A TimerTask for each login, to run in a day; the task is an inner class and keeps the whole login. */
public final class TimerTasks implements Scenario {
    private static final LoginService LOGINS = new LoginService();

    @Override
    public void run(Size size) {
        for (int i = 0; i < size.pick(5_000, 120_000); i++) {
            LOGINS.login("user-" + i);
        }
    }
}

final class LoginService {
    private final Timer expiry = new Timer("login-expiry", true);

    void login(String user) {
        new Login(user).expireLater(expiry);
    }
}

final class Login {
    private final String user;
    private final byte[] certificate = new byte[500];
    private boolean valid = true;

    Login(String user) {
        this.user = user;
    }

    void expireLater(Timer timer) {
        timer.schedule(new TimerTask() {
            @Override
            public void run() {
                valid = user.isEmpty() && certificate.length > 0;
            }
        }, 86_400_000L);
    }

    boolean isValid() {
        return valid;
    }
}
