module com.example.news {
    requires io.github.postern.push;
}
