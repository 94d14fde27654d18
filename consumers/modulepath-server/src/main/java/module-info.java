module com.example.echo {
    requires io.github.postern.ws.server;
}
